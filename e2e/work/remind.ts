/** Reminds every customer with an overdue invoice, and notes how many there were. */
export const REMIND = `playbook: remind-overdue
title: Remind customers
steps:
  - { id: overdue, do: list-overdue, with: {} }
  - id: remind
    do: remind
    each: { of: $overdue.invoices, as: invoice, parallel: 4 }
    with: { customer: $invoice.customer }
  - { id: told, do: note, with: { text: 'Reminded {{ remind.size }} customers' } }
done:
  - { expr: size(remind) == size(overdue.invoices) }
result: { reminded: $remind.size }
`;
