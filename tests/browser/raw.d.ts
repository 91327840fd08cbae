// A file's text, as the test's bundler gives it.

declare module "*?raw" {
  const text: string;
  export = text;
}
