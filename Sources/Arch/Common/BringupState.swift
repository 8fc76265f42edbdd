#if BRINGUP && hasFeature(Embedded)
internal import ArchShims
public import Bringup
public import SepKernel
import Synchronization

// SAFETY, throughout: the state is reserved by the bring-up image, initialised by the boot CPU before anything else, and
// changed by that CPU alone, until another one takes the report over (BringupWatch.swift).

/// What the boot CPU of a bring-up image remembers.
@safe
public struct BringupState: ~Copyable {
  /// What the check that is being made has to say.
  public var line = ReportLine()
  /// What it returned.
  public var status = CheckStatus.fail
  public var output = BringupOutput()
  /// False when there is no UART that takes bytes: then only memory has the report.
  public var uartWorks = false
  /// Nil: it was refused.
  public var plan: PlanView?
  public var planError: PlanError?
  /// Regions of the Plan that could not be mapped side by side.
  public var mapFailed = false
  /// The boot CPU.
  public var own = 0
  /// Of the system counter, Hz; what a loop that waits counts by.
  public var frequency: UInt64 = 0
  /// The last level entry of the window through which RAM is looked at, and the window's address.
  public var windowEntry: UInt64 = 0
  public var window: UInt64 = 0
  /// VTTBR_EL2 or hgatp of the program below; 0: no table was left.
  public var guestTables: UInt64 = 0
  /// The controller is the kernel's: interrupts can be had.
  public var controllerReady = false
  /// It was tried to have a timer that ends a check, and there is one.
  public var watchdogTried = false
  public var hasWatchdog = false
  /// The CPU that makes a check and is watched (BringupWatch.swift).
  let watched = Atomic<UInt32>(~0)
  /// A CPU that watched makes the checks.
  var hasChangedHands = false
  /// How far the report was before the check that is being made.
  var progress: BringupProgress?
  /// Bit n: CPU n has its part of the interrupt controller, as far as is known.
  public var interfaces = ~0 as UInt64
  /// The counter was the same in read after read.
  var counterStands = false
  /// An interrupt ends a wait: CPUs that wait may sleep.
  public var canSleep = false
  /// Bit n: CPU n answers.
  public var present: UInt64 = 0

  init() {}

  /// What deadlines are counted by. A counter of unknown frequency is taken for one of 100 MHz, one below 1 MHz for one
  /// of 1 MHz: a watchdog may come late, but not while a check still works.
  public var ticksPerMillisecond: UInt64 {
    max(frequency == 0 ? 100_000_000 : frequency, 1_000_000) / 1000
  }
}

/// The state, once `initialiseBringup` was called.
@inline(__always)
public func bringupState() -> UnsafeMutablePointer<BringupState> {
  unsafe UnsafeMutablePointer(bitPattern: UInt(shim_bringup_state())).unsafelyUnwrapped
}

/// Makes the state what it is at the beginning.
public func initialiseBringup() { unsafe bringupState().initialize(to: BringupState()) }

/// What is done under a guard, on the boot CPU or another.
public enum BringupStep: UInt64, Sendable {
  /// Boot CPU: looks whether the UART of the image header is one.
  case identify = 0
  /// Boot CPU: sends the line.
  case send
  /// Boot CPU: prepares the records, and the log behind them.
  case records
  /// Boot CPU: finds a timer that can end a check.
  case watchdog
  /// Boot CPU: makes the check in the argument.
  case check
  /// A CPU: watches the check of another one. The argument: its own number and milliseconds.
  case watch
  /// A CPU: its part of the interrupt controller.
  case interface
  /// A CPU: answers reads of the counter with its own.
  case echo
  /// A CPU: waits for an interrupt.
  case wait
  /// A CPU: runs the program below for as many interrupts as the argument says.
  case delivery
  /// A CPU: takes as many samples of a baseline as the argument says.
  case baseline
  /// A CPU: looks for gaps in time, as many milliseconds as the argument says.
  case scan
}

extension Check {
  /// The check as the argument of a step.
  var argument: UInt64 { UInt64(kind.rawValue) << 32 | UInt64(index) }
  init?(argument: UInt64) {
    guard let kind = CheckKind(rawValue: UInt8(truncatingIfNeeded: argument >> 32)) else {
      return nil
    }
    self.init(kind, Int(argument & 0xffff_ffff))
  }
}
#endif
