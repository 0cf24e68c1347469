/** The reason why an expression has no value; its message is Go's where that helps a user. */
export class EvaluationError extends Error {}
