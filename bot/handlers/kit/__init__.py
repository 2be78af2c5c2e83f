"""What every handler works with: the context, the command, the reply, the work after the ack."""
