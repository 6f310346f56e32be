import { journalContract } from './contracts/journal.contract.js';
import { MemoryJournal } from './memory-journal.js';

journalContract('MemoryJournal', async () => new MemoryJournal());
