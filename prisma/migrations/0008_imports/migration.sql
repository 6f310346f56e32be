-- Where runs come from, and whose a registered node is. Forward only; never edit it once released.

-- CreateTable
CREATE TABLE "imports" (
    "run" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "imports_pkey" PRIMARY KEY ("run")
);

-- AlterTable
ALTER TABLE "inference_nodes" ADD COLUMN     "token_hash" TEXT;
