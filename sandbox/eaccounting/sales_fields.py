"""The fields of quotes and invoices, of their rows, of payments and of bank accounts."""

from __future__ import annotations

from sandbox.eaccounting.models import read_model

# visma-eaccounting-schemas.json, QuoteApi. What is the system's is told for some fields only; the rest as for orders.
QUOTE = read_model(
    "QuoteApi",
    """
    Id guid readonly
    Number int readonly
    CustomerId guid required
    DueDate date
    QuoteDate date
    DeliveryDate date
    CreatedUtc moment readonly
    ModifiedUtc moment readonly
    ApprovedDate date readonly
    CurrencyCode text.3
    Status int =0 0,1,2,3,4
    CurrencyRate number readonly
    CompanyReference text.100
    EuThirdParty bool
    CustomerReference text.100
    BuyersOrderReference text
    InvoiceCustomerName text readonly
    InvoiceAddress1 text.50
    InvoiceAddress2 text.50
    InvoicePostalCode text.10
    InvoiceCity text.50
    InvoiceCountryCode text.2
    DeliveryCustomerName text.50
    DeliveryAddress1 text.50
    DeliveryAddress2 text.50
    DeliveryPostalCode text.10
    DeliveryCity text.50
    DeliveryCountryCode text.2
    DeliveryMethodName text.50
    DeliveryMethodCode text.50
    DeliveryTermCode text.20
    DeliveryTermName text.50
    CustomerIsPrivatePerson bool readonly
    IncludesVat bool readonly
    IsDomestic bool readonly
    RotReducedInvoicingType int =0 0,1,2
    Rows list
    TotalAmount number.2 readonly
    VatAmount number.2 readonly
    RoundingsAmount number.2 readonly
    IsNotDelivered bool readonly
    CustomerNumber text readonly
    CustomerName text readonly
    """,
)

# visma-eaccounting-schemas.json, QuoteRowApi: there is no VAT field but IsVatFree.
QUOTE_ROW = read_model(
    "QuoteRowApi",
    """
    Id guid readonly
    ArticleId guid
    IsServiceArticle bool readonly
    UnitId guid
    Text text.2000
    UnitPrice number.2 =0
    Amount number.2 readonly
    DiscountPercentage number.4 =0
    Quantity number.4 =0
    IsWorkCost bool
    IsVatFree bool readonly
    LineNumber int
    CostCenterItemId1 guid
    CostCenterItemId2 guid
    CostCenterItemId3 guid
    ProjectId guid
    IsTextRow bool
    ArticleNumber text readonly
    """,
)

# visma-eaccounting-schemas.json, CustomerInvoiceApi: what a new invoice needs and what it is answered with.
INVOICE = read_model(
    "CustomerInvoiceApi",
    """
    Id guid readonly
    EuThirdParty bool required
    IsCreditInvoice bool readonly
    CurrencyCode text.3
    CurrencyRate number readonly
    TotalAmount number.2 readonly
    TotalVatAmount number.2 readonly
    TotalRoundings number.2 readonly
    TotalAmountInvoiceCurrency number.2 readonly
    TotalVatAmountInvoiceCurrency number.2 readonly
    CustomerId guid required
    Rows list required
    InvoiceDate date
    DueDate date
    DeliveryDate date
    RotReducedInvoicingType int required 0,1,2
    OurReference text.100
    YourReference text.100
    BuyersOrderReference text.35
    InvoiceCustomerName text readonly
    InvoiceAddress1 text.50
    InvoiceAddress2 text.50
    InvoicePostalCode text.50
    InvoiceCity text.50
    InvoiceCountryCode text.2
    DeliveryCustomerName text.100
    DeliveryAddress1 text.50
    DeliveryAddress2 text.50
    DeliveryPostalCode text.10
    DeliveryCity text.50
    DeliveryCountryCode text.2
    DeliveryMethodName text
    DeliveryTermName text
    DeliveryMethodCode text
    DeliveryTermCode text
    CustomerIsPrivatePerson bool readonly
    TermsOfPaymentId guid
    CustomerEmail text readonly
    InvoiceNumber int readonly
    CustomerNumber text readonly
    CustomerName text readonly
    HasAutoInvoiceError bool readonly
    IsNotDelivered bool readonly
    ReverseChargeOnConstructionServices bool
    RemainingAmount number.2 readonly
    RemainingAmountInvoiceCurrency number.2 readonly
    CreatedFromOrderId guid
    CreatedFromDraftId guid
    CreatedUtc moment readonly
    ModifiedUtc moment readonly
    IncludesVat bool readonly
    SendType int =0 0
    PaymentReminderIssued bool readonly
    CreditedBy list readonly
    PaymentDate date readonly
    PaymentStatus int readonly
    """,
)

# visma-eaccounting-schemas.json, CustomerInvoiceRowApi: no VAT field that could be set is told.
INVOICE_ROW = read_model(
    "CustomerInvoiceRowApi",
    """
    Id guid readonly
    ArticleNumber text readonly
    ArticleId guid
    IsServiceArticle bool readonly
    AmountNoVat number.2 readonly
    PercentVat number.2 readonly
    LineNumber int
    IsTextRow bool
    Text text.2000
    UnitPrice number.4 =0
    DiscountPercentage number.4 =0
    Quantity number.4 =0
    IsWorkCost bool
    IsVatFree bool
    CostCenterItemId1 guid
    CostCenterItemId2 guid
    CostCenterItemId3 guid
    UnitId guid
    ProjectId guid
    """,
)

# visma-eaccounting-schemas.json, InvoicePaymentApi, and the invoice it is for, which the address names.
PAYMENT = read_model(
    "InvoicePaymentApi",
    """
    Id guid readonly
    InvoiceId guid readonly
    CompanyBankAccountId guid required
    PaymentDate date required
    Reference text
    PaymentAmount number.2 required
    PaymentCurrency text.3 required
    PaymentType int required 1,2,3
    """,
)

# not documented: the model of a bank account; these are what a choice needs.
BANK_ACCOUNT = read_model(
    "BankAccountApi",
    """
    Id guid readonly
    Name text.50 required
    CurrencyCode text.3
    IsActive bool
    """,
)
