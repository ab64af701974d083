/**
 * Stores that live in memory and end with the process, for tests, demonstrations and small embedded
 * uses. They keep the same promises as the JDBC stores, except durability.
 */
@NullMarked
package cx.niro.server.memory;

import org.jspecify.annotations.NullMarked;
