/** JSON on pages whose scripts have changed what objects can do. */

/** Old libraries give arrays and dates a `toJSON` of their own, which turns a list into a text; it is passed over. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string) {
    return this[key];
  });
}
