-- Who is in the cluster, and runs that ended lately. Forward only; never edit it once released.

-- CreateTable
CREATE TABLE "executors" (
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "lanes" TEXT[],
    "concurrency" INTEGER NOT NULL,
    "busy" TEXT[],
    "draining" BOOLEAN NOT NULL,
    "started_at" BIGINT NOT NULL,
    "seen_at" BIGINT NOT NULL,

    CONSTRAINT "executors_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "runs_ended" ON "runs"("ended_at") WHERE (ended_at IS NOT NULL);
