// Ends a test run with one line: N passed, N failed, N skipped.

export default class SummaryReporter {
  onTestRunEnd(modules, errors) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state === "pending" ? "skipped" : test.result().state]++;
      if (module.errors().length > 0) counts.failed++;
    }
    counts.failed += errors.length;
    process.on("exit", () => console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`));
  }
}
