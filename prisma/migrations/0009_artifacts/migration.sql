-- Files that runs take in and give. Forward only; never edit it once released.

-- CreateTable
CREATE TABLE "artifacts" (
    "sha256" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "content" UUID NOT NULL,
    "kept_at" BIGINT NOT NULL,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "artifact_parts" (
    "content" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "artifact_parts_pkey" PRIMARY KEY ("content","n")
);

-- Most files are compressed already, and compressing a part takes longer than writing it.
ALTER TABLE "artifact_parts" ALTER COLUMN "data" SET STORAGE EXTERNAL;

-- CreateTable
CREATE TABLE "artifact_uploads" (
    "content" UUID NOT NULL,
    "touched_at" BIGINT NOT NULL,

    CONSTRAINT "artifact_uploads_pkey" PRIMARY KEY ("content")
);

-- CreateIndex
CREATE UNIQUE INDEX "artifacts_content_key" ON "artifacts"("content");
