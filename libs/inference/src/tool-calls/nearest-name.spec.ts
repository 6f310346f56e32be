import { nearestName } from './nearest-name.js';

const names = ['shop.list_invoices', 'shop.send_reminder', 'done'];

describe('the nearest name', () => {
  it.each([
    ['list_invoices', 'shop.list_invoices'],
    ['shop.listInvoice', 'shop.list_invoices'],
    ['sendReminders', 'shop.send_reminder'],
    ['finished', null],
    ['Done!', 'done'],
    ['', null],
    ['x'.repeat(100_000), null],
  ])('of %s is %s', (wrong, near) => expect(nearestName(wrong, names)).toBe(near));

  it('is none where there are none', () => expect(nearestName('a', [])).toBeNull());
});
