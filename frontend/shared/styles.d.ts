/** Style sheets for shadow roots are imported as text; build.mjs minifies them. */
declare module "*.shadow.css" {
  const text: string;
  export default text;
}
