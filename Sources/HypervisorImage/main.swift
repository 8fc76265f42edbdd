import Arch
import SepKernel
#if hasFeature(Embedded)
@c(kernel_main) @_noLocks
public func kernelMain() { 
  uart(0x41)
  uart(10)
}
#else
print("HypervisorImage is a bare-metal image. Build it with `make build`.")
#endif
