-- CreateTable
CREATE TABLE "imports" (
    "run" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "imports_pkey" PRIMARY KEY ("run")
);
