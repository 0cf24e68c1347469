export default ({ fails = false } = {}) => ({
  export: (_, done) => void (fails && done({ code: 1, error: new Error('the receiver is down') })),
  forceFlush: async () => {},
  shutdown: async () => {},
});
