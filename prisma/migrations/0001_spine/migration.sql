-- The spine: the journal, its read models, the archive and the open worlds. Forward only; never edit it once released.

-- CreateTable
CREATE TABLE "events" (
    "stream" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "run" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "data" JSON,
    "blob" TEXT,

    CONSTRAINT "events_pkey" PRIMARY KEY ("stream","position")
);

-- CreateTable
CREATE TABLE "blobs" (
    "sha256" TEXT NOT NULL,
    "body" TEXT NOT NULL,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "runs" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "world" TEXT NOT NULL,
    "space" TEXT NOT NULL,
    "learn" BOOLEAN NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "plan_version" INTEGER NOT NULL,
    "nodes" JSON NOT NULL,
    "subgoals" INTEGER NOT NULL,
    "subgoals_done" INTEGER NOT NULL,
    "steps" INTEGER NOT NULL,
    "failed_steps" INTEGER NOT NULL,
    "replans" INTEGER NOT NULL,
    "tools_used" TEXT[],
    "model_calls" INTEGER NOT NULL,
    "accepted_at" BIGINT NOT NULL,
    "ended_at" BIGINT,
    "touched_at" BIGINT NOT NULL,
    "length" INTEGER NOT NULL,

    CONSTRAINT "runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subgoals" (
    "id" TEXT NOT NULL,
    "run" TEXT NOT NULL,
    "node" TEXT NOT NULL DEFAULT '',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "lane" TEXT NOT NULL DEFAULT '',
    "domain" TEXT NOT NULL DEFAULT '',
    "space" TEXT NOT NULL DEFAULT '',
    "learn" BOOLEAN NOT NULL DEFAULT true,
    "stage" SMALLINT NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "steps" INTEGER NOT NULL DEFAULT 0,
    "failed_steps" INTEGER NOT NULL DEFAULT 0,
    "updated_at" BIGINT NOT NULL,
    "ended_at" BIGINT,
    "reflected" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "subgoals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tools" (
    "id" TEXT NOT NULL,
    "space" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" JSON NOT NULL,
    "trust" TEXT NOT NULL,
    "evidence" JSON NOT NULL,
    "created_at" BIGINT NOT NULL,

    CONSTRAINT "tools_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "trials" (
    "tool" TEXT NOT NULL,
    "seed" TEXT NOT NULL,
    "without_ok" BOOLEAN NOT NULL,
    "with_ok" BOOLEAN NOT NULL,

    CONSTRAINT "trials_pkey" PRIMARY KEY ("tool","seed")
);

-- CreateTable
CREATE TABLE "world_sessions" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "updated_at" BIGINT NOT NULL,

    CONSTRAINT "world_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "events_run_stream_position_idx" ON "events"("run", "stream", "position");

-- CreateIndex
CREATE INDEX "runs_accepted_at_id_idx" ON "runs"("accepted_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_status_accepted_at_idx" ON "runs"("status", "accepted_at" DESC);

-- CreateIndex
CREATE INDEX "runs_going_on" ON "runs"("touched_at") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE INDEX "subgoals_run_idx" ON "subgoals"("run");

-- CreateIndex
CREATE INDEX "subgoals_space_domain_ended_at_idx" ON "subgoals"("space", "domain", "ended_at" DESC);

-- CreateIndex
CREATE INDEX "subgoals_under_way" ON "subgoals"("updated_at") WHERE (stage < 2);

-- CreateIndex
CREATE INDEX "subgoals_to_reflect" ON "subgoals"("ended_at") WHERE (stage = 3 AND failed_steps > 0 AND learn AND NOT reflected);

-- CreateIndex
CREATE INDEX "tools_space_domain_trust_idx" ON "tools"("space", "domain", "trust");

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_blob_fkey" FOREIGN KEY ("blob") REFERENCES "blobs"("sha256") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "trials" ADD CONSTRAINT "trials_tool_fkey" FOREIGN KEY ("tool") REFERENCES "tools"("id") ON DELETE CASCADE ON UPDATE RESTRICT;

-- What Prisma cannot say: an event keeps its data in exactly one place.
ALTER TABLE "events" ADD CONSTRAINT "events_data_or_blob" CHECK (num_nonnulls("data", "blob") = 1);
