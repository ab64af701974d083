/**
 * The dashboard's pages and files: {@link cx.niro.app.dashboard.DashboardServlet} serves them from
 * the class path under a strict content security policy. The screens themselves are web components
 * of the server SDK and use nothing but the REST API.
 */
@NullMarked
package cx.niro.app.dashboard;

import org.jspecify.annotations.NullMarked;
