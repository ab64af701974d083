/**
 * {@code /metrics}: the numbers of the libraries and of this process as Prometheus reads them. The
 * entry is {@link cx.niro.app.metrics.MetricsServlet}.
 */
@NullMarked
package cx.niro.app.metrics;

import org.jspecify.annotations.NullMarked;
