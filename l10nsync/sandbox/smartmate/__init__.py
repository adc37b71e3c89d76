"""The SmartMATE WorkFlow API of the sandbox: orders of whole documents, below `/smartmate`."""
