package cx.niro.core.protocol;

import cx.niro.core.BootId;
import cx.niro.core.snapshot.Text;
import org.jspecify.annotations.Nullable;

/** A clean shutdown, with a reason for people. */
public record Goodbye(BootId bootId, @Nullable @Text(max = 256) String reason) {}
