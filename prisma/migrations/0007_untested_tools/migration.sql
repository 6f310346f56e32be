-- Tools that were never tried are no longer active: hints of older releases. Forward only; never edit it once released.

UPDATE "tools" SET "trust" = 'candidate' WHERE "trust" = 'active' AND ("evidence"->>'pairs')::numeric = 0;
