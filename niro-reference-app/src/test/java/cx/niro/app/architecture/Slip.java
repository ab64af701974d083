package cx.niro.app.architecture;

import com.squareup.moshi.Moshi;
import java.util.List;

/** Public types with hidden ones in their signatures, for the test of the test. */
public interface Slip {
  /** Shows moshi as a type argument. */
  List<Moshi> codecs();

  /** Shows moshi through an array of a nested public type. */
  record Nested(Moshi[] codecs) {}
}
