"""One step of one instance: load, change, run what is ready, write what follows. Introduces the kernel to the store."""
