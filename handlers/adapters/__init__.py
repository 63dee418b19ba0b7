"""How the ports of `handlers.ports` are met: by mail servers, tables, files and typst; and by stand-ins for scenarios and the demo."""
