// Never gives the thread back, or never answers: while it is made, or once it is given something to export.
const spin = () => {
  for (;;);
};

export default ({ where }) => {
  if (where === 'promise') return new Promise(() => {});
  if (where === 'module') spin();
  return { export: spin, forceFlush: async () => {}, shutdown: async () => {} };
};
