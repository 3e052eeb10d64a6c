package syscall

import (
	"x/errors"
	"x/internal/oserror"
	"x/internal/strconv"
)

// texts holds the texts of error numbers from 1 on, each ended by a newline; an
// empty one stands for a number without a name.
const texts = "" +
	"operation not permitted\n" +
	"no such file or directory\n" +
	"no such process\n" +
	"interrupted system call\n" +
	"input/output error\n" +
	"no such device or address\n" +
	"argument list too long\n" +
	"exec format error\n" +
	"bad file descriptor\n" +
	"no child processes\n" +
	"resource temporarily unavailable\n" +
	"cannot allocate memory\n" +
	"permission denied\n" +
	"bad address\n" +
	"block device required\n" +
	"device or resource busy\n" +
	"file exists\n" +
	"invalid cross-device link\n" +
	"no such device\n" +
	"not a directory\n" +
	"is a directory\n" +
	"invalid argument\n" +
	"too many open files in system\n" +
	"too many open files\n" +
	"inappropriate ioctl for device\n" +
	"text file busy\n" +
	"file too large\n" +
	"no space left on device\n" +
	"illegal seek\n" +
	"read-only file system\n" +
	"too many links\n" +
	"broken pipe\n" +
	"numerical argument out of domain\n" +
	"numerical result out of range\n" +
	"resource deadlock avoided\n" +
	"file name too long\n" +
	"no locks available\n" +
	"function not implemented\n" +
	"directory not empty\n" +
	"too many levels of symbolic links\n" +
	"\n" +
	"no message of desired type\n" +
	"identifier removed\n" +
	"channel number out of range\n" +
	"level 2 not synchronized\n" +
	"level 3 halted\n" +
	"level 3 reset\n" +
	"link number out of range\n" +
	"protocol driver not attached\n" +
	"no CSI structure available\n" +
	"level 2 halted\n" +
	"invalid exchange\n" +
	"invalid request descriptor\n" +
	"exchange full\n" +
	"no anode\n" +
	"invalid request code\n" +
	"invalid slot\n" +
	"\n" +
	"bad font file format\n" +
	"device not a stream\n" +
	"no data available\n" +
	"timer expired\n" +
	"out of streams resources\n" +
	"machine is not on the network\n" +
	"package not installed\n" +
	"object is remote\n" +
	"link has been severed\n" +
	"advertise error\n" +
	"srmount error\n" +
	"communication error on send\n" +
	"protocol error\n" +
	"multihop attempted\n" +
	"RFS specific error\n" +
	"bad message\n" +
	"value too large for defined data type\n" +
	"name not unique on network\n" +
	"file descriptor in bad state\n" +
	"remote address changed\n" +
	"can not access a needed shared library\n" +
	"accessing a corrupted shared library\n" +
	".lib section in a.out corrupted\n" +
	"attempting to link in too many shared libraries\n" +
	"cannot exec a shared library directly\n" +
	"invalid or incomplete multibyte or wide character\n" +
	"interrupted system call should be restarted\n" +
	"streams pipe error\n" +
	"too many users\n" +
	"socket operation on non-socket\n" +
	"destination address required\n" +
	"message too long\n" +
	"protocol wrong type for socket\n" +
	"protocol not available\n" +
	"protocol not supported\n" +
	"socket type not supported\n" +
	"operation not supported\n" +
	"protocol family not supported\n" +
	"address family not supported by protocol\n" +
	"address already in use\n" +
	"cannot assign requested address\n" +
	"network is down\n" +
	"network is unreachable\n" +
	"network dropped connection on reset\n" +
	"software caused connection abort\n" +
	"connection reset by peer\n" +
	"no buffer space available\n" +
	"transport endpoint is already connected\n" +
	"transport endpoint is not connected\n" +
	"cannot send after transport endpoint shutdown\n" +
	"too many references: cannot splice\n" +
	"connection timed out\n" +
	"connection refused\n" +
	"host is down\n" +
	"no route to host\n" +
	"operation already in progress\n" +
	"operation now in progress\n" +
	"stale file handle\n" +
	"structure needs cleaning\n" +
	"not a XENIX named type file\n" +
	"no XENIX semaphores available\n" +
	"is a named type file\n" +
	"remote I/O error\n" +
	"disk quota exceeded\n" +
	"no medium found\n" +
	"wrong medium type\n" +
	"operation canceled\n" +
	"required key not available\n" +
	"key has expired\n" +
	"key has been revoked\n" +
	"key was rejected by service\n" +
	"owner died\n" +
	"state not recoverable\n" +
	"operation not possible due to RF-kill\n" +
	"\n"

// An Errno is an error number of the operating system.
type Errno uintptr

// Error numbers.
const (
	E2BIG           Errno = 7
	EACCES          Errno = 13
	EADDRINUSE      Errno = 98
	EADDRNOTAVAIL   Errno = 99
	EADV            Errno = 68
	EAFNOSUPPORT    Errno = 97
	EAGAIN          Errno = 11
	EALREADY        Errno = 114
	EBADE           Errno = 52
	EBADF           Errno = 9
	EBADFD          Errno = 77
	EBADMSG         Errno = 74
	EBADR           Errno = 53
	EBADRQC         Errno = 56
	EBADSLT         Errno = 57
	EBFONT          Errno = 59
	EBUSY           Errno = 16
	ECANCELED       Errno = 125
	ECHILD          Errno = 10
	ECHRNG          Errno = 44
	ECOMM           Errno = 70
	ECONNABORTED    Errno = 103
	ECONNREFUSED    Errno = 111
	ECONNRESET      Errno = 104
	EDEADLK         Errno = 35
	EDEADLOCK       Errno = 35
	EDESTADDRREQ    Errno = 89
	EDOM            Errno = 33
	EDOTDOT         Errno = 73
	EDQUOT          Errno = 122
	EEXIST          Errno = 17
	EFAULT          Errno = 14
	EFBIG           Errno = 27
	EHOSTDOWN       Errno = 112
	EHOSTUNREACH    Errno = 113
	EIDRM           Errno = 43
	EILSEQ          Errno = 84
	EINPROGRESS     Errno = 115
	EINTR           Errno = 4
	EINVAL          Errno = 22
	EIO             Errno = 5
	EISCONN         Errno = 106
	EISDIR          Errno = 21
	EISNAM          Errno = 120
	EKEYEXPIRED     Errno = 127
	EKEYREJECTED    Errno = 129
	EKEYREVOKED     Errno = 128
	EL2HLT          Errno = 51
	EL2NSYNC        Errno = 45
	EL3HLT          Errno = 46
	EL3RST          Errno = 47
	ELIBACC         Errno = 79
	ELIBBAD         Errno = 80
	ELIBEXEC        Errno = 83
	ELIBMAX         Errno = 82
	ELIBSCN         Errno = 81
	ELNRNG          Errno = 48
	ELOOP           Errno = 40
	EMEDIUMTYPE     Errno = 124
	EMFILE          Errno = 24
	EMLINK          Errno = 31
	EMSGSIZE        Errno = 90
	EMULTIHOP       Errno = 72
	ENAMETOOLONG    Errno = 36
	ENAVAIL         Errno = 119
	ENETDOWN        Errno = 100
	ENETRESET       Errno = 102
	ENETUNREACH     Errno = 101
	ENFILE          Errno = 23
	ENOANO          Errno = 55
	ENOBUFS         Errno = 105
	ENOCSI          Errno = 50
	ENODATA         Errno = 61
	ENODEV          Errno = 19
	ENOENT          Errno = 2
	ENOEXEC         Errno = 8
	ENOKEY          Errno = 126
	ENOLCK          Errno = 37
	ENOLINK         Errno = 67
	ENOMEDIUM       Errno = 123
	ENOMEM          Errno = 12
	ENOMSG          Errno = 42
	ENONET          Errno = 64
	ENOPKG          Errno = 65
	ENOPROTOOPT     Errno = 92
	ENOSPC          Errno = 28
	ENOSR           Errno = 63
	ENOSTR          Errno = 60
	ENOSYS          Errno = 38
	ENOTBLK         Errno = 15
	ENOTCONN        Errno = 107
	ENOTDIR         Errno = 20
	ENOTEMPTY       Errno = 39
	ENOTNAM         Errno = 118
	ENOTRECOVERABLE Errno = 131
	ENOTSOCK        Errno = 88
	ENOTSUP         Errno = 95
	ENOTTY          Errno = 25
	ENOTUNIQ        Errno = 76
	ENXIO           Errno = 6
	EOPNOTSUPP      Errno = 95
	EOVERFLOW       Errno = 75
	EOWNERDEAD      Errno = 130
	EPERM           Errno = 1
	EPFNOSUPPORT    Errno = 96
	EPIPE           Errno = 32
	EPROTO          Errno = 71
	EPROTONOSUPPORT Errno = 93
	EPROTOTYPE      Errno = 91
	ERANGE          Errno = 34
	EREMCHG         Errno = 78
	EREMOTE         Errno = 66
	EREMOTEIO       Errno = 121
	ERESTART        Errno = 85
	ERFKILL         Errno = 132
	EROFS           Errno = 30
	ESHUTDOWN       Errno = 108
	ESOCKTNOSUPPORT Errno = 94
	ESPIPE          Errno = 29
	ESRCH           Errno = 3
	ESRMNT          Errno = 69
	ESTALE          Errno = 116
	ESTRPIPE        Errno = 86
	ETIME           Errno = 62
	ETIMEDOUT       Errno = 110
	ETOOMANYREFS    Errno = 109
	ETXTBSY         Errno = 26
	EUCLEAN         Errno = 117
	EUNATCH         Errno = 49
	EUSERS          Errno = 87
	EWOULDBLOCK     Errno = 11
	EXDEV           Errno = 18
	EXFULL          Errno = 54
)

// text returns the text of error number n, "" if it has none.
func text(n uintptr) string {
	start := 0
	for i := 0; i < len(texts); i++ {
		if texts[i] == '\n' {
			n--
			if n == 0 {
				return texts[start:i]
			}
			start = i + 1
		}
	}
	return ""
}

func (e Errno) Error() string {
	if e != 0 {
		if s := text(uintptr(e)); s != "" {
			return s
		}
	}
	return "errno " + strconv.FormatUint(uint64(e), 10)
}

// Is reports whether e is one of the portable errors of package os.
func (e Errno) Is(target error) bool {
	switch target {
	case oserror.ErrPermission:
		return e == EACCES || e == EPERM
	case oserror.ErrExist:
		return e == EEXIST || e == ENOTEMPTY
	case oserror.ErrNotExist:
		return e == ENOENT
	case errors.ErrUnsupported:
		return e == ENOSYS || e == ENOTSUP
	}
	return false
}

// Temporary reports whether trying again may help.
func (e Errno) Temporary() bool {
	return e == EINTR || e == 24 || e == 23 || e.Timeout()
}

// Timeout reports whether the operation took too long.
func (e Errno) Timeout() bool { return e == EAGAIN || e == ETIMEDOUT }
