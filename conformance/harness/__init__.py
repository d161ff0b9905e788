"""What the conformance programs share: the server and the bots as processes, the control API, the journal, the report."""
