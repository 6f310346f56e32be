/** The largest message, either way: a plan of thousands of nodes with its tools fits four times over. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
