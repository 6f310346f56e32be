-- Inference nodes that registered themselves. Forward only; never edit it once released.

-- CreateTable
CREATE TABLE "inference_nodes" (
    "name" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "draining" BOOLEAN NOT NULL DEFAULT false,
    "seen_at" BIGINT NOT NULL,

    CONSTRAINT "inference_nodes_pkey" PRIMARY KEY ("name")
);
