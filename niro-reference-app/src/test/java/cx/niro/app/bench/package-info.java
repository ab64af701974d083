/**
 * Programs that measure a whole server, and kill it. Each {@code …Main} is run by hand as {@code
 * docs/performance.md} says; short forms of them are scenario tests.
 */
package cx.niro.app.bench;
