// What a compiler makes of `export default`.
Object.defineProperty(exports, '__esModule', { value: true });
exports.default = async options => ({ options, export: () => undefined });
