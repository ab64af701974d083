/**
 * What managed deployments are made of behind {@link cx.niro.server.Deployments}: {@link
 * cx.niro.server.internal.managed.Manifests} seals them, {@link
 * cx.niro.server.internal.managed.SecretValues} keeps the values of Secrets from readers, {@link
 * cx.niro.server.internal.managed.ApplyOutcome} says how an apply ended.
 */
@NullMarked
package cx.niro.server.internal.managed;

import org.jspecify.annotations.NullMarked;
