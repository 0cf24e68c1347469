/** Addresses are numbers; row-layout.ts says what stands where. */
export interface RowFunctions {
  /** Returns how many bytes it wrote. */
  readonly putNumber: (to: number, value: number) => number;
  /** Returns the end of what it wrote; NEXT_ROW and NEXT_LINE say how far it came. */
  readonly putRows: (
    template: number,
    lines: number,
    labels: number,
    offsets: number,
    data: number,
    width: number,
    rows: number,
    line: number,
    to: number,
    end: number,
  ) => number;
  /** How many bytes the messages of rows take. `kind` is COUNTER, GAUGE or HISTOGRAM. */
  readonly messageBytes: (
    kind: number,
    buckets: number,
    offsets: number,
    data: number,
    width: number,
    rows: number,
  ) => number;
  /** Returns the end of what it wrote; NEXT_ROW is the first row that there was no room for. */
  readonly putMessages: (
    kind: number,
    bounds: number,
    buckets: number,
    labels: number,
    offsets: number,
    data: number,
    width: number,
    rows: number,
    to: number,
    end: number,
  ) => number;
  /** Label texts of canonical ones; returns the end of what it wrote. NEXT_ROW is the first that was not written, NEXT_LINE why. */
  readonly putLabels: (
    rules: number,
    places: number,
    count: number,
    fixedBytes: number,
    to: number,
    end: number,
    origin: number,
    offsets: number,
  ) => number;
  /** Texts in the order of their bytes, their offsets, and which ones they are. */
  readonly sortTexts: (
    texts: number,
    offsets: number,
    order: number,
    keys: number,
    count: number,
    to: number,
    toOffsets: number,
  ) => void;
}
