//! Where the bytes of files lie: on this computer's disk (S3 later, behind the same seam).
