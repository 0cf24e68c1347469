// Objects that JavaScript can be given and that nobody can read.

/** A proxy that has no object any more. */
export const revoked = ((): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
})();
/** Throws what has no text. */
export const throwing = new Proxy(
  {},
  {
    get() {
      throw Object.create(null);
    },
    getOwnPropertyDescriptor() {
      throw Object.create(null);
    },
    has() {
      throw Object.create(null);
    },
  },
);
