package cx.niro.app.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cx.niro.core.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final String OFFICE = "192.0.2.1";

  private final ManualTime time = ManualTime.create();
  private final LoginThrottle throttle = new LoginThrottle(time);

  @Test
  void a_wait_says_how_long_it_is() {
    guess("ada", OFFICE, LoginThrottle.FREE_TRIES);

    assertThatThrownBy(() -> throttle.enter("ada", OFFICE))
        .isInstanceOfSatisfying(
            TooManyTriesException.class, refused -> assertThat(refused.seconds()).isEqualTo(5))
        .hasMessage("too many wrong passwords; try again in 5 s");
    time.advance(Duration.ofSeconds(5));
    assertThatCode(() -> throttle.enter("ada", OFFICE)).doesNotThrowAnyException();
  }

  @Test
  void guesses_from_elsewhere_lock_nobody_out() {
    for (int i = 0; i < 200; i++) {
      guess("ada", "198.51.100." + i, LoginThrottle.FREE_TRIES);
    }

    assertThatCode(() -> throttle.enter("ada", OFFICE)).doesNotThrowAnyException();
  }

  @Test
  void whoever_logged_in_from_an_address_before_gets_in_whatever_others_do_there() {
    throttle.enter("ada", OFFICE);
    throttle.succeeded("ada", OFFICE);
    for (int i = 0; i < LoginThrottle.FREE_TRIES_PER_ADDRESS; i++) {
      guess("user" + i, OFFICE, 1);
    }

    assertThatThrownBy(() -> throttle.enter("newcomer", OFFICE))
        .isInstanceOf(TooManyTriesException.class);
    assertThatCode(() -> throttle.enter("Ada", OFFICE)).doesNotThrowAnyException();
  }

  @Test
  void an_account_that_logged_in_before_is_still_guarded_against_guessing() {
    throttle.enter("ada", OFFICE);
    throttle.succeeded("ada", OFFICE);
    guess("ada", OFFICE, LoginThrottle.FREE_TRIES);

    assertThatThrownBy(() -> throttle.enter("ada", OFFICE))
        .isInstanceOf(TooManyTriesException.class);
  }

  private void guess(String account, String address, int times) {
    for (int i = 0; i < times; i++) {
      throttle.enter(account, address);
    }
  }
}
