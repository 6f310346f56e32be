-- Who is at work on which run or subgoal. Forward only; never edit it once released.

-- CreateTable
CREATE TABLE "leases" (
    "key" TEXT NOT NULL,
    "run" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until_at" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "lost" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "leases_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "leases_run_idx" ON "leases"("run");
