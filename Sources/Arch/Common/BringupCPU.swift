#if BRINGUP && hasFeature(Embedded)
internal import ArchShims

/// What a bring-up image keeps of each CPU, in the page of the CPU's block, behind it: plain words that the CPU itself,
/// the vectors and the boot CPU read and write (Sources/BringupEntry).
public struct BringupCPU: BitwiseCopyable {
  /// The page.
  private let page: UInt64

  public init(block: UInt64) { page = block }

  /// The address of the page, which is what a CPU that starts is given.
  public var address: UInt64 { page }

  /// A word of the page.
  public enum Word: UInt64, Sendable {
    /// The guard that is open, for the vectors.
    case guardFrame = 0x800
    /// ESR_EL2 or scause, FAR_EL2 or stval, ELR_EL2 or sepc when a check ended.
    case syndrome = 0x810
    case address = 0x818
    case place = 0x820
    /// What the program below says.
    case result0 = 0x828
    case result1 = 0x830
    case result2 = 0x838
    case result3 = 0x840
    case result4 = 0x848
    case result5 = 0x850
    /// Counter value at which the check on this CPU is over; 0: never. RISC-V, whose vectors have one timer for all.
    case watch = 0x858
    /// Not 0: the program below runs. RISC-V.
    case below = 0x860
    /// Not 0: the CPU is in the image and looks at `command`.
    case arrived = 0x880
    /// The step it shall make, plus 1; 0: none. The CPU clears it when `answer` holds.
    case command = 0x888
    case argument = 0x890
    /// How the guard of the step ended.
    case answer = 0x898
    /// A counter value from the boot CPU, and the answer.
    case ping = 0x8c0
    case pong = 0x900
  }

  /// Volatile: another CPU may write it.
  public subscript(word: Word) -> UInt64 {
    get { shim_load64(page + word.rawValue) }
    nonmutating set { shim_store64(page + word.rawValue, newValue) }
  }
}

/// How a guard ended, `end_...` of Sources/BringupEntry.
public enum BringupEnd: UInt64, Sendable {
  case returned = 0
  case exception = 1
  case asynchronous = 2
  case timeout = 3
  /// The program below made a call or faulted.
  case guest = 4
  /// An interrupt or an error came from the program below.
  case guestEvent = 5
}
#endif
