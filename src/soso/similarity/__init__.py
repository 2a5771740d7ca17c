"""What is alike: telling terms, copies, the choice of related posts. Pure."""
