-- Subgoals whose actions are attempted again later. Forward only; never edit it once released.

-- AlterTable
ALTER TABLE "subgoals" ADD COLUMN "wake_at" BIGINT;

-- CreateIndex
CREATE INDEX "subgoals_to_wake" ON "subgoals"("wake_at") WHERE (NOT settled AND wake_at > 0);
