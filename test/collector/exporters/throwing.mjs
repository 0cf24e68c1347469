export default () => {
  throw new TypeError('no credentials');
};
