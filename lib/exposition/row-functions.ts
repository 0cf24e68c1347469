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
}
