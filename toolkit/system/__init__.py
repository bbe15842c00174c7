"""What depends on the operating system: ports, proxies, private files, terminals, child processes."""
