/** As the store adds: a sum of finite numbers stops at the largest there is, one that was given an infinity is infinite. */
export function saturatingSum(a: number, b: number): number {
  const sum = a + b;
  if (Math.abs(sum) !== Infinity || Math.abs(a) === Infinity || Math.abs(b) === Infinity) return sum;
  return Math.sign(sum) * Number.MAX_VALUE;
}
