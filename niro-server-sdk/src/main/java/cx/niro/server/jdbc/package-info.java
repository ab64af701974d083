/**
 * Stores for H2 and PostgreSQL over JDBC. They need JDBI, an optional dependency; the schema ships
 * as versioned SQL files beside these classes and is only ever changed when the embedding program
 * asks for it.
 */
@NullMarked
package cx.niro.server.jdbc;

import org.jspecify.annotations.NullMarked;
