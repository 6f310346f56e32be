-- Questions and their answers, pauses and deadlines, forks, transcripts, retention and schedules. Forward only; never
-- edit it once released.

-- DropIndex
DROP INDEX "events_run_stream_position_idx";

-- DropIndex
DROP INDEX "subgoals_under_way";

-- AlterTable
ALTER TABLE "blobs" ADD COLUMN     "kept_at" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "refs" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "events" ADD COLUMN     "refs" TEXT[];

-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "control" JSON NOT NULL DEFAULT '{}',
ADD COLUMN     "due_at" BIGINT,
ADD COLUMN     "moves" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "subgoals" ADD COLUMN     "answers" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "settled" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "stream_bases" (
    "stream" TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "until" INTEGER NOT NULL,
    "base" TEXT NOT NULL,
    "run" TEXT NOT NULL,
    "base_run" TEXT NOT NULL,
    "last_at" BIGINT NOT NULL,

    CONSTRAINT "stream_bases_pkey" PRIMARY KEY ("stream","start")
);

-- CreateTable
CREATE TABLE "questions" (
    "id" TEXT NOT NULL,
    "run" TEXT NOT NULL,
    "subgoal" TEXT,
    "kind" TEXT NOT NULL DEFAULT '',
    "body" JSON,
    "asked_at" BIGINT,
    "expires_at" BIGINT,
    "reminders" INTEGER NOT NULL DEFAULT 0,
    "told_at" BIGINT NOT NULL,
    "closed_at" BIGINT,
    "verdict" TEXT,

    CONSTRAINT "questions_pkey" PRIMARY KEY ("id","run")
);

-- CreateTable
CREATE TABLE "removals" (
    "run" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "removals_pkey" PRIMARY KEY ("run")
);

-- CreateTable
CREATE TABLE "schedules" (
    "id" TEXT NOT NULL,
    "goal" JSON NOT NULL,
    "timing" JSON NOT NULL,
    "created_at" BIGINT NOT NULL,
    "last_run" TEXT,
    "last_at" BIGINT,

    CONSTRAINT "schedules_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "stream_bases_run_idx" ON "stream_bases"("run");

-- CreateIndex
CREATE INDEX "stream_bases_base_run_idx" ON "stream_bases"("base_run");

-- CreateIndex
CREATE INDEX "questions_open" ON "questions"("run") WHERE (closed_at IS NULL);

-- CreateIndex
CREATE INDEX "questions_to_remind" ON "questions"("told_at") WHERE (closed_at IS NULL);

-- CreateIndex
CREATE INDEX "questions_to_expire" ON "questions"("expires_at") WHERE (closed_at IS NULL AND expires_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "events_begin" ON "events"("run", "stream") WHERE (position = 0);

-- CreateIndex
CREATE INDEX "events_blob" ON "events"("blob") WHERE (blob IS NOT NULL);

-- CreateIndex
CREATE INDEX "runs_moving" ON "runs"("touched_at") WHERE (moves);

-- CreateIndex
CREATE INDEX "runs_due" ON "runs"("due_at") WHERE (due_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "subgoals_to_move" ON "subgoals"("id") WHERE (NOT settled AND (status <> 'parked' OR answers > 0));

-- What Prisma cannot say: a row that changes at every step finds room beside itself, so that no index has to be written.
ALTER TABLE "subgoals" SET (fillfactor = 70);

-- Rows that are there already. What ended moves no more, and what was settled is.
UPDATE "runs" SET "moves" = false WHERE "ended_at" IS NOT NULL;
UPDATE "subgoals" SET "settled" = true WHERE "stage" >= 2;
