import type { Reporter, TestModule } from 'vitest/node'

/** Vitest's own closing line is not understood by every build machine: this one is. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0
    let failed = 0
    for (const module of modules) {
      for (const test of module.children.allTests()) test.result().state === 'failed' ? failed++ : passed++
      if (module.errors().length > 0) failed++
    }
    console.log(`web: ${passed} passed, ${failed} failed`)
  }
}
