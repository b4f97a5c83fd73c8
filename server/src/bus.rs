//! How committed frames reach the sockets that want them: in this process (NATS later, behind the same seam).
