// Sends its environment to its parent.
process.send({ ...process.env });
process.disconnect();
