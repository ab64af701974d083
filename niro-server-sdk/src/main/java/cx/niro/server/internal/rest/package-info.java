/**
 * The shapes of the REST API, one record for each schema of {@code openapi.yaml}, made from what
 * the facades return. They are public only because the codec reads them by reflection.
 */
@NullMarked
package cx.niro.server.internal.rest;

import org.jspecify.annotations.NullMarked;
